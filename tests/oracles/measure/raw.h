// Raw 16-bit labels, i fastest, as ITK images.
#pragma once
#include <itkImage.h>

#include <fstream>
#include <stdexcept>
#include <string>

using Labels = itk::Image<uint16_t, 3>;

inline Labels::Pointer readLabels(const std::string &path, const int dims[3]) {
  auto image = Labels::New();
  Labels::SizeType size = {{itk::SizeValueType(dims[0]), itk::SizeValueType(dims[1]), itk::SizeValueType(dims[2])}};
  image->SetRegions(size);
  image->Allocate();
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char *>(image->GetBufferPointer()), std::streamsize(size[0] * size[1] * size[2] * 2));
  if (!file) throw std::runtime_error("cannot read " + path);
  return image;
}
