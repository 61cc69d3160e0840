import type { SourceFile } from "#sources";

/** A file as the browser gives access to it, with a user who answers. */
export class FakeHandle implements Pick<FileSystemFileHandle, "kind" | "name" | "getFile"> {
  readonly kind = "file";
  readonly name: string;
  /** Undefined once it was deleted. */
  file: SourceFile | undefined;
  permission: PermissionState = "granted";
  answer: PermissionState = "granted";
  /** How often the user was asked. */
  asked = 0;

  constructor(file: SourceFile) {
    this.name = file.name;
    this.file = file;
  }

  async getFile(): Promise<File> {
    if (!this.file) throw new DOMException("gone", "NotFoundError");
    return new File([this.file.blob], this.name);
  }

  async queryPermission(): Promise<PermissionState> {
    return this.permission;
  }

  async requestPermission(): Promise<PermissionState> {
    this.asked++;
    this.permission = this.answer;
    return this.answer;
  }
}
