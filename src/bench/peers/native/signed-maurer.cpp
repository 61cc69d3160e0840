// ITK SignedMaurerDistanceMap: FILE (u8) NI NJ NK SI SJ SK. Result: f32 mm, negative inside, 0 on the border voxels of the mask.
#include <itkSignedMaurerDistanceMapImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Mask = itk::Image<uint8_t, 3>;
  using Field = itk::Image<float, 3>;
  peer::oneThread();
  const auto image = peer::image<uint8_t>(argv[1], peer::dims(argv, 2), {atof(argv[5]), atof(argv[6]), atof(argv[7])});
  const auto filter = itk::SignedMaurerDistanceMapImageFilter<Mask, Field>::New();
  filter->SetInput(image);
  filter->SetSquaredDistance(false);
  filter->SetUseImageSpacing(true);
  filter->SetInsideIsPositive(false);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Field::Pointer(filter->GetOutput())); });
}
