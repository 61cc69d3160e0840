// ITK's STAPLE of label maps: METHOD(multi|LABEL) THRESHOLD NI NJ NK OUT FILE…. OUT gets the result: u16 labels, or f64
// probabilities of LABEL. Prints JSON. THRESHOLD is for multi only, 0 for ITK's own.
#include <itkMultiLabelSTAPLEImageFilter.h>
#include <itkSTAPLEImageFilter.h>

#include <cstdio>
#include <cstring>

#include "raw.h"

template <typename Image>
void write(const char *path, const Image *image) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char *>(image->GetBufferPointer()),
             std::streamsize(image->GetPixelContainer()->Size() * sizeof(typename Image::PixelType)));
}

int main(int argc, char **argv) {
  const int dims[3] = {atoi(argv[3]), atoi(argv[4]), atoi(argv[5])};
  const int raters = argc - 7;
  if (strcmp(argv[1], "multi") == 0) {
    // Double weights: in float, counts of voxels stop growing at 2^24.
    using Filter = itk::MultiLabelSTAPLEImageFilter<Labels, Labels, double>;
    const auto filter = Filter::New();
    int most = 0;
    for (int n = 0; n < raters; n++) {
      const auto image = readLabels(argv[7 + n], dims);
      for (size_t v = 0; v < image->GetPixelContainer()->Size(); v++) most = std::max(most, int(image->GetBufferPointer()[v]));
      filter->SetInput(n, image);
    }
    if (atof(argv[2]) > 0) filter->SetTerminationUpdateThreshold(atof(argv[2]));
    filter->Update();
    write(argv[6], filter->GetOutput());
    printf("{\"iterations\":%u,\"undecided\":%d,\"confusion\":[", filter->GetElapsedNumberOfIterations(),
           int(filter->GetLabelForUndecidedPixels()));
    for (int n = 0; n < raters; n++) {
      const auto &matrix = filter->GetConfusionMatrix(n);
      printf("%s[", n ? "," : "");
      bool any = false;
      for (int decided = 0; decided <= most; decided++) {
        for (int truth = 0; truth <= most; truth++) {
          if (matrix[decided][truth] == 0) continue;
          printf("%s[%d,%d,%.17g]", any ? "," : "", decided, truth, matrix[decided][truth]);
          any = true;
        }
      }
      printf("]");
    }
    printf("]}\n");
    return 0;
  }
  using Fuzzy = itk::Image<double, 3>;
  using Filter = itk::STAPLEImageFilter<Labels, Fuzzy>;
  const auto filter = Filter::New();
  for (int n = 0; n < raters; n++) filter->SetInput(n, readLabels(argv[7 + n], dims));
  filter->SetForegroundValue(uint16_t(atoi(argv[1])));
  filter->Update();
  write(argv[6], filter->GetOutput());
  printf("{\"iterations\":%u,\"sensitivity\":[", filter->GetElapsedIterations());
  for (int n = 0; n < raters; n++) printf("%s%.17g", n ? "," : "", filter->GetSensitivity(n));
  printf("],\"specificity\":[");
  for (int n = 0; n < raters; n++) printf("%s%.17g", n ? "," : "", filter->GetSpecificity(n));
  printf("]}\n");
  return 0;
}
