// ITK BinaryThreshold, then ConnectedComponent, then the component of the seed: FILE (i16) NI NJ NK LOW HIGH SEED_I SEED_J SEED_K.
// Result: 8 bit, 1 where the seed's component is.
#include <itkBinaryThresholdImageFilter.h>
#include <itkConnectedComponentImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Image = itk::Image<int16_t, 3>;
  using Mask = itk::Image<uint8_t, 3>;
  using Labels = itk::Image<uint32_t, 3>;
  peer::oneThread();
  const auto image = peer::image<int16_t>(argv[1], peer::dims(argv, 2));
  const auto threshold = itk::BinaryThresholdImageFilter<Image, Mask>::New();
  threshold->SetInput(image);
  threshold->SetLowerThreshold(atoi(argv[5]));
  threshold->SetUpperThreshold(atoi(argv[6]));
  threshold->SetInsideValue(1);
  threshold->SetOutsideValue(0);
  const auto components = itk::ConnectedComponentImageFilter<Mask, Labels>::New();
  components->SetInput(threshold->GetOutput());
  const auto chosen = itk::BinaryThresholdImageFilter<Labels, Mask>::New();
  chosen->SetInput(components->GetOutput());
  chosen->SetInsideValue(1);
  chosen->SetOutsideValue(0);
  return peer::serve(
      [&] {
        threshold->Modified();
        components->Update();
        const auto label = components->GetOutput()->GetPixel({{atoi(argv[7]), atoi(argv[8]), atoi(argv[9])}});
        chosen->SetLowerThreshold(label);
        chosen->SetUpperThreshold(label);
        chosen->Update();
      },
      [&](const std::string &path) { peer::write(path, Mask::Pointer(chosen->GetOutput())); });
}
