// ITK NeighborhoodConnected, the middle of our leak guard: FILE (i16) NI NJ NK LOW HIGH RI RJ RK SEED_I SEED_J SEED_K.
// Result: 8 bit, 1 where the whole box around a voxel is in range and the voxel is connected to the seed.
#include <itkNeighborhoodConnectedImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Image = itk::Image<int16_t, 3>;
  using Mask = itk::Image<uint8_t, 3>;
  peer::oneThread();
  const auto image = peer::image<int16_t>(argv[1], peer::dims(argv, 2));
  const auto filter = itk::NeighborhoodConnectedImageFilter<Image, Mask>::New();
  filter->SetInput(image);
  filter->SetLower(atoi(argv[5]));
  filter->SetUpper(atoi(argv[6]));
  const auto radius = peer::dims(argv, 7);
  filter->SetRadius({{radius[0], radius[1], radius[2]}});
  filter->SetSeed({{atoi(argv[10]), atoi(argv[11]), atoi(argv[12])}});
  filter->SetReplaceValue(1);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Mask::Pointer(filter->GetOutput())); });
}
