import type { JSX } from "solid-js";
import { Row } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { SegmentScope } from "../ui-port.ts";

/** Whether a tool works on the active segment or on all that are not locked. */
export function ScopeRow(props: {
  readonly value: SegmentScope;
  readonly onChange: (value: SegmentScope) => void;
}): JSX.Element {
  return (
    <Row label="Segments">
      <Segmented
        label="Segments to work on"
        value={props.value}
        options={[
          { value: "active", title: "Active" },
          { value: "all", title: "All", hint: "All that are not locked" },
        ]}
        onChange={props.onChange}
      />
    </Row>
  );
}
