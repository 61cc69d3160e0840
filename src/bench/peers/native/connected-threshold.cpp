// ITK ConnectedThreshold: FILE (i16) NI NJ NK LOW HIGH SEED_I SEED_J SEED_K. Result: 8 bit, 1 where grown.
#include <itkConnectedThresholdImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Image = itk::Image<int16_t, 3>;
  using Mask = itk::Image<uint8_t, 3>;
  peer::oneThread();
  const auto image = peer::image<int16_t>(argv[1], peer::dims(argv, 2));
  const auto filter = itk::ConnectedThresholdImageFilter<Image, Mask>::New();
  filter->SetInput(image);
  filter->SetLower(atoi(argv[5]));
  filter->SetUpper(atoi(argv[6]));
  filter->SetSeed({{atoi(argv[7]), atoi(argv[8]), atoi(argv[9])}});
  filter->SetReplaceValue(1);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Mask::Pointer(filter->GetOutput())); });
}
