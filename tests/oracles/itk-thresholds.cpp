// Thresholds of a histogram by ITK's calculators. Standard input: number of bins, middle of the first, width, then the counts.
// Output: method and threshold, or "none", a line each.
#include <itkHistogram.h>
#include <itkHuangThresholdCalculator.h>
#include <itkIntermodesThresholdCalculator.h>
#include <itkKittlerIllingworthThresholdCalculator.h>
#include <itkMaximumEntropyThresholdCalculator.h>
#include <itkMomentsThresholdCalculator.h>
#include <itkRenyiEntropyThresholdCalculator.h>
#include <itkShanbhagThresholdCalculator.h>

#include <iomanip>
#include <iostream>

using Histogram = itk::Statistics::Histogram<double>;

template <typename Calculator>
void report(const char *name, const Histogram *histogram) {
  const auto calculator = Calculator::New();
  calculator->SetInput(histogram);
  std::cout << name << " ";
  try {
    calculator->Update();
    std::cout << std::setprecision(17) << calculator->GetOutput()->Get() << "\n";
  } catch (const itk::ExceptionObject &) {
    std::cout << "none\n";
  }
}

int main() {
  unsigned bins = 0;
  double first = 0;
  double width = 0;
  std::cin >> bins >> first >> width;
  const auto histogram = Histogram::New();
  histogram->SetMeasurementVectorSize(1);
  Histogram::SizeType size(1);
  size[0] = bins;
  Histogram::MeasurementVectorType low(1);
  Histogram::MeasurementVectorType high(1);
  low[0] = first - width / 2;
  high[0] = first + width * (bins - 0.5);
  histogram->Initialize(size, low, high);
  for (unsigned bin = 0; bin < bins; bin++) {
    double count = 0;
    std::cin >> count;
    histogram->SetFrequency(bin, count);
  }
  report<itk::IntermodesThresholdCalculator<Histogram, double>>("intermodes", histogram);
  report<itk::MaximumEntropyThresholdCalculator<Histogram, double>>("max-entropy", histogram);
  report<itk::RenyiEntropyThresholdCalculator<Histogram, double>>("renyi-entropy", histogram);
  report<itk::HuangThresholdCalculator<Histogram, double>>("huang", histogram);
  report<itk::MomentsThresholdCalculator<Histogram, double>>("moments", histogram);
  report<itk::KittlerIllingworthThresholdCalculator<Histogram, double>>("kittler-illingworth", histogram);
  report<itk::ShanbhagThresholdCalculator<Histogram, double>>("shanbhag", histogram);
}
