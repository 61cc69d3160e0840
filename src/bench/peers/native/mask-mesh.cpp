// ITK BinaryMask3DMeshSource: FILE (u8) NI NJ NK. Triangles of the mask's surface, without normals. Result: u32 points, u32 triangles.
#include <itkBinaryMask3DMeshSource.h>
#include <itkMesh.h>

#include "image.h"

int main(int, char **argv) {
  using Mask = itk::Image<uint8_t, 3>;
  using Surface = itk::Mesh<double, 3>;
  peer::oneThread();
  const auto image = peer::image<uint8_t>(argv[1], peer::dims(argv, 2));
  const auto source = itk::BinaryMask3DMeshSource<Mask, Surface>::New();
  source->SetInput(image);
  source->SetObjectValue(1);
  return peer::serve(
      [&] {
        source->Modified();
        source->Update();
      },
      [&](const std::string &path) {
        const uint32_t counts[2] = {uint32_t(source->GetOutput()->GetNumberOfPoints()),
                                    uint32_t(source->GetOutput()->GetNumberOfCells())};
        peer::writeFile(path, counts, sizeof counts);
      });
}
