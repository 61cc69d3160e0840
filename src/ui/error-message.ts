import { VoxelwrightError } from "#base";
import type { Message } from "./ui-port.ts";

/** What is said of an error: one line, advice, and the rest for those who unfold it. */
export function messageOfError(error: unknown, commandId: string): Omit<Message, "id"> {
  if (error instanceof VoxelwrightError) {
    const fields = Object.entries(error.fields).map(([name, value]) => `${name}: ${value}`);
    return {
      tone: "error",
      text: error.subject ? `${error.subject}: ${error.message}` : error.message,
      ...(error.advice ? { advice: error.advice } : {}),
      details: [`${error.kind} error in ${commandId}`, ...fields, ...causes(error.cause)].join("\n"),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    tone: "error",
    text: `Something failed that should not have: ${message}`,
    advice: "What was open is untouched. If it happens again, report it with the details below.",
    details: [`in ${commandId}`, error instanceof Error ? (error.stack ?? message) : message].join("\n"),
  };
}

function causes(cause: unknown): string[] {
  if (cause === undefined) return [];
  if (cause instanceof Error) return [`cause: ${cause.message}`, ...causes(cause.cause)];
  return typeof cause === "string" ? [`cause: ${cause}`] : [];
}
