// Sizes of connected components, largest first: FILE (8 bit, 0 is background) NI NJ NK FULL (1: 26 neighbours, 0: 6).
#include <itkConnectedComponentImageFilter.h>
#include <itkImage.h>
#include <itkRelabelComponentImageFilter.h>

#include <fstream>
#include <iostream>

int main(int, char **argv) {
  using Mask = itk::Image<uint8_t, 3>;
  using Labels = itk::Image<uint32_t, 3>;
  const auto mask = Mask::New();
  Mask::SizeType size = {{itk::SizeValueType(atoi(argv[2])), itk::SizeValueType(atoi(argv[3])),
                          itk::SizeValueType(atoi(argv[4]))}};
  mask->SetRegions(size);
  mask->Allocate();
  std::ifstream(argv[1], std::ios::binary)
      .read(reinterpret_cast<char *>(mask->GetBufferPointer()), size[0] * size[1] * size[2]);
  const auto components = itk::ConnectedComponentImageFilter<Mask, Labels>::New();
  components->SetInput(mask);
  components->SetFullyConnected(atoi(argv[5]) != 0);
  const auto relabel = itk::RelabelComponentImageFilter<Labels, Labels>::New();
  relabel->SetInput(components->GetOutput());
  relabel->Update();
  for (const auto voxels : relabel->GetSizeOfObjectsInPixels()) std::cout << voxels << "\n";
}
