import type { ToolChange } from "#tools";
import { effectNamed } from "./effects/effects.ts";
import type { Session } from "./session.ts";
import { COMPUTING_TOOLS, type ComputingTool, toolCommand } from "./tool-command.ts";

/** Computes what a tool would do with its options and shows it. */
export async function previewTool(session: Session, tool: ComputingTool): Promise<void> {
  const study = session.requireStudy();
  const { command, args } = await toolCommand(study, session.tools.value, tool, study.islands.voxels);
  const { effect, args: parsed } = effectNamed(command, args);
  await study.preview.show(effect, parsed, tool);
}

/** Computes the preview anew whose tool's options were changed. */
export function followTool(session: Session, change: ToolChange): void {
  const preview = session.study.value?.preview;
  const fail = (error: unknown): void => session.messages.postError(error);
  if (!preview) return;
  if (change.grow && preview.seed) preview.grow(preview.seed, session.tools.value.grow).catch(fail);
  const shown = preview.tool;
  const changed = COMPUTING_TOOLS.find((tool) => tool === shown && change[tool] !== undefined);
  if (changed) previewTool(session, changed).catch(fail);
}
