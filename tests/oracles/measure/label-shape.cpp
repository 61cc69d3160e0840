// ITK's shape of every label: FILE NI NJ NK SPACING×3 ORIGIN×3 DIRECTION×9 FERET(0|1). Prints a JSON array.
#include <itkLabelImageToShapeLabelMapFilter.h>

#include <cstdio>

#include "raw.h"

int main(int, char **argv) {
  const int dims[3] = {atoi(argv[2]), atoi(argv[3]), atoi(argv[4])};
  const auto image = readLabels(argv[1], dims);
  double spacing[3], origin[3];
  Labels::DirectionType direction;
  for (int n = 0; n < 3; n++) {
    spacing[n] = atof(argv[5 + n]);
    origin[n] = atof(argv[8 + n]);
    for (int m = 0; m < 3; m++) direction(n, m) = atof(argv[11 + 3 * n + m]);
  }
  image->SetSpacing(spacing);
  image->SetOrigin(origin);
  image->SetDirection(direction);
  using Filter = itk::LabelImageToShapeLabelMapFilter<Labels>;
  const auto filter = Filter::New();
  filter->SetInput(image);
  filter->SetComputePerimeter(true);
  filter->SetComputeOrientedBoundingBox(true);
  filter->SetComputeFeretDiameter(argv[20][0] == '1');
  filter->Update();
  const auto map = filter->GetOutput();
  printf("[");
  for (itk::SizeValueType n = 0; n < map->GetNumberOfLabelObjects(); n++) {
    const auto *o = map->GetNthLabelObject(n);
    const auto box = o->GetBoundingBox();
    const auto c = o->GetCentroid();
    const auto m = o->GetPrincipalMoments();
    const auto a = o->GetPrincipalAxes();
    const auto s = o->GetOrientedBoundingBoxSize();
    const auto q = o->GetOrientedBoundingBoxOrigin();
    printf("%s{\"label\":%d,\"voxels\":%lu,\"volume\":%.17g,\"perimeter\":%.17g,\"feret\":%.17g,\"elongation\":%.17g,"
           "\"flatness\":%.17g,\"centroid\":[%.17g,%.17g,%.17g],\"moments\":[%.17g,%.17g,%.17g],\"axes\":[",
           n ? "," : "", int(o->GetLabel()), (unsigned long)o->GetNumberOfPixels(), o->GetPhysicalSize(),
           o->GetPerimeter(), o->GetFeretDiameter(), o->GetElongation(), o->GetFlatness(), c[0], c[1], c[2], m[0], m[1],
           m[2]);
    for (int k = 0; k < 9; k++) printf("%s%.17g", k ? "," : "", a(k / 3, k % 3));
    printf("],\"size\":[%.17g,%.17g,%.17g],\"origin\":[%.17g,%.17g,%.17g],\"first\":[%ld,%ld,%ld],\"extent\":[%lu,%lu,%lu]}",
           s[0], s[1], s[2], q[0], q[1], q[2], long(box.GetIndex(0)), long(box.GetIndex(1)), long(box.GetIndex(2)),
           (unsigned long)box.GetSize(0), (unsigned long)box.GetSize(1), (unsigned long)box.GetSize(2));
  }
  printf("]\n");
  return 0;
}
