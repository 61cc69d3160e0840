// ITK LabelStatistics: VOXELS (i16) LABELS (u16) NI NJ NK. Result: f64, label, count, mean, sigma, min, max of each label.
#include <itkLabelStatisticsImageFilter.h>

#include "image.h"

int main(int, char **argv) {
  using Image = itk::Image<int16_t, 3>;
  using Labels = itk::Image<uint16_t, 3>;
  peer::oneThread();
  const auto dims = peer::dims(argv, 3);
  const auto image = peer::image<int16_t>(argv[1], dims);
  const auto labels = peer::image<uint16_t>(argv[2], dims);
  using Filter = itk::LabelStatisticsImageFilter<Image, Labels>;
  const auto filter = Filter::New();
  filter->SetInput(image);
  filter->SetLabelInput(labels);
  return peer::serve(
      [&] {
        filter->Modified();
        filter->Update();
      },
      [&](const std::string &path) {
        std::vector<double> rows;
        for (const auto label : filter->GetValidLabelValues()) {
          if (label == 0) continue;
          for (const double value : {double(label), double(filter->GetCount(label)), filter->GetMean(label),
                                     filter->GetSigma(label), filter->GetMinimum(label), filter->GetMaximum(label)})
            rows.push_back(value);
        }
        peer::writeFile(path, rows.data(), rows.size() * sizeof(double));
      });
}
