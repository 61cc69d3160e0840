// Raw voxels, i fastest, as ITK images.
#pragma once
#include <itkImage.h>

#include <algorithm>

#include "peer.h"

namespace peer {

template <typename Voxel>
typename itk::Image<Voxel, 3>::Pointer image(const std::string &path, const std::vector<unsigned> &dims,
                                             const std::vector<double> &spacing = {1, 1, 1}) {
  using Image = itk::Image<Voxel, 3>;
  const auto bytes = readFile(path);
  auto made = Image::New();
  typename Image::SizeType size = {{dims[0], dims[1], dims[2]}};
  made->SetRegions(size);
  double steps[3] = {spacing[0], spacing[1], spacing[2]};
  made->SetSpacing(steps);
  made->Allocate();
  const size_t count = size_t(dims[0]) * dims[1] * dims[2];
  if (bytes.size() != count * sizeof(Voxel)) throw std::runtime_error(path + " has another size");
  std::copy_n(reinterpret_cast<const Voxel *>(bytes.data()), count, made->GetBufferPointer());
  return made;
}

template <typename Image>
void write(const std::string &path, const Image &image) {
  writeFile(path, image->GetBufferPointer(),
            image->GetPixelContainer()->Size() * sizeof(typename Image::ObjectType::PixelType));
}

inline std::vector<unsigned> dims(char **argv, int at) {
  return {unsigned(atoi(argv[at])), unsigned(atoi(argv[at + 1])), unsigned(atoi(argv[at + 2]))};
}

}  // namespace peer
