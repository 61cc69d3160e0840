// ITK ConfidenceConnected on floating-point voxels, so that its range is not rounded to whole values:
// FILE (f32) NI NJ NK MULTIPLIER ITERATIONS RADIUS SEED_I SEED_J SEED_K. Result: 8 bit, 1 where grown.
#include <itkConfidenceConnectedImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Image = itk::Image<float, 3>;
  using Mask = itk::Image<uint8_t, 3>;
  peer::oneThread();
  const auto image = peer::image<float>(argv[1], peer::dims(argv, 2));
  const auto filter = itk::ConfidenceConnectedImageFilter<Image, Mask>::New();
  filter->SetInput(image);
  filter->SetMultiplier(atof(argv[5]));
  filter->SetNumberOfIterations(atoi(argv[6]));
  filter->SetInitialNeighborhoodRadius(atoi(argv[7]));
  filter->SetSeed({{atoi(argv[8]), atoi(argv[9]), atoi(argv[10])}});
  filter->SetReplaceValue(1);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Mask::Pointer(filter->GetOutput())); });
}
