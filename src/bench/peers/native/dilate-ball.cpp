// ITK BinaryDilate with a ball: FILE (u8) NI NJ NK RI RJ RK (voxels). Result: 8 bit, 1 where the mask has grown to.
#include <itkBinaryDilateImageFilter.h>
#include <itkFlatStructuringElement.h>

#include "image.h"

int main(int, char **argv) {
  using Mask = itk::Image<uint8_t, 3>;
  using Element = itk::FlatStructuringElement<3>;
  peer::oneThread();
  const auto image = peer::image<uint8_t>(argv[1], peer::dims(argv, 2));
  Element::RadiusType radius = {{unsigned(atoi(argv[5])), unsigned(atoi(argv[6])), unsigned(atoi(argv[7]))}};
  const auto filter = itk::BinaryDilateImageFilter<Mask, Mask, Element>::New();
  filter->SetInput(image);
  filter->SetKernel(Element::Ball(radius));
  filter->SetForegroundValue(1);
  filter->SetBackgroundValue(0);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) { peer::write(path, Mask::Pointer(filter->GetOutput())); });
}
