import { type AbortOptions, type ReadonlySignal, VoxelwrightError } from "#base";
import * as v from "valibot";

/** What a person and a script see of a command. */
export interface CommandInfo {
  /** Stable id such as `label.grow`; never renamed. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  /** Shown in the command palette. */
  readonly palette: boolean;
  /** Names of arguments with their kinds, for the palette's form; empty when the command takes none. */
  readonly parameters: readonly CommandParameter[];
  readonly enabled?: ReadonlySignal<boolean>;
}

export interface CommandParameter {
  readonly name: string;
  readonly kind: "string" | "number" | "boolean" | "json";
  readonly required: boolean;
}

export interface CommandDefinition<Schema extends v.GenericSchema> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Arguments as JSON; validated before `run`. */
  readonly schema: Schema;
  /** Left out of the palette when false (default true). */
  readonly palette?: boolean;
  readonly enabled?: ReadonlySignal<boolean>;
  /** Result must be plain data (bytes as Uint8Array). */
  run(args: v.InferOutput<Schema>, options: AbortOptions): Promise<unknown>;
}

/** Every user action by id: what the mouse can do, a script can do. */
export class CommandRegistry {
  readonly #commands = new Map<string, CommandDefinition<v.GenericSchema>>();

  add<Schema extends v.GenericSchema>(command: CommandDefinition<Schema>): void {
    if (this.#commands.has(command.id))
      throw new VoxelwrightError("argument", `Command ${command.id} is registered twice.`);
    this.#commands.set(command.id, command as unknown as CommandDefinition<v.GenericSchema>);
  }

  list(): CommandInfo[] {
    return [...this.#commands.values()].map((command) => ({
      id: command.id,
      title: command.title,
      description: command.description,
      category: command.id.split(".")[0]!,
      palette: command.palette ?? true,
      parameters: parametersOf(command.schema),
      ...(command.enabled ? { enabled: command.enabled } : {}),
    }));
  }

  /** Title of a command; its id when there is no such command any more. */
  title(id: string): string {
    return this.#commands.get(id)?.title ?? id;
  }

  /** Runs a command. Rejects with `not-found` for an unknown id and `argument` for arguments that do not fit. */
  async run(id: string, args: unknown = {}, options: AbortOptions = {}): Promise<unknown> {
    const command = this.#commands.get(id);
    if (!command)
      throw new VoxelwrightError("not-found", `There is no command ${id}.`, {
        advice: "voxelwright.commands() lists them.",
      });
    refuseUnknown(command, args);
    const parsed = v.safeParse(command.schema, args);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const path = v.getDotPath(issue);
      throw new VoxelwrightError("argument", `${path ? `${path}: ` : ""}${issue.message}`, { subject: id });
    }
    return command.run(parsed.output, options);
  }
}

/** A misspelt argument is refused: left out in silence, a growth without its region takes the whole volume. */
function refuseUnknown({ id, schema }: CommandDefinition<v.GenericSchema>, args: unknown): void {
  const { entries, options } = schema as unknown as AnySchema;
  const shapes = options?.map((option) => option.entries) ?? [entries];
  if (shapes.includes(undefined) || typeof args !== "object" || args === null) return;
  const known = Object.assign({}, ...shapes) as object;
  const unknown = Object.keys(args).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known);
  throw new VoxelwrightError("argument", `There is no argument “${unknown}”.`, {
    subject: id,
    advice: names.length === 0 ? "It takes none." : `It takes ${names.join(", ")}.`,
  });
}

interface AnySchema {
  readonly type: string;
  readonly entries?: Record<string, AnySchema>;
  readonly wrapped?: AnySchema;
  /** Of a union. */
  readonly options?: readonly AnySchema[];
}

function parametersOf(schema: v.GenericSchema): CommandParameter[] {
  const entries = (schema as unknown as AnySchema).entries ?? {};
  return Object.entries(entries).map(([name, entry]) => {
    const optional = entry.type === "optional" || entry.type === "exact_optional";
    const inner = (optional ? entry.wrapped : entry) ?? entry;
    const kind = inner.type === "string" || inner.type === "number" || inner.type === "boolean" ? inner.type : "json";
    return { name, kind, required: !optional };
  });
}
