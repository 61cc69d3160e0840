// ITK ShapeLabelMap with perimeter and oriented boxes, without Feret diameters: LABELS (u16) NI NJ NK SI SJ SK. Result: f64, label,
// voxels, perimeter, elongation, flatness of each label.
#include <itkLabelImageToShapeLabelMapFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Labels = itk::Image<uint16_t, 3>;
  peer::oneThread();
  const auto labels = peer::image<uint16_t>(argv[1], peer::dims(argv, 2), {atof(argv[5]), atof(argv[6]), atof(argv[7])});
  using Filter = itk::LabelImageToShapeLabelMapFilter<Labels>;
  const auto filter = Filter::New();
  filter->SetInput(labels);
  filter->SetComputePerimeter(true);
  filter->SetComputeOrientedBoundingBox(true);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) {
        std::vector<double> rows;
        const auto map = filter->GetOutput();
        for (itk::SizeValueType n = 0; n < map->GetNumberOfLabelObjects(); n++) {
          const auto *object = map->GetNthLabelObject(n);
          for (const double value : {double(object->GetLabel()), double(object->GetNumberOfPixels()), object->GetPerimeter(),
                                     object->GetElongation(), object->GetFlatness()})
            rows.push_back(value);
        }
        peer::writeFile(path, rows.data(), rows.size() * sizeof(double));
      });
}
