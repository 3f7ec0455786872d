/** A temporary folder for the tests of this room. @module */

import { join } from "@std/path";

/** A folder that is removed with what it holds. */
export class TempFolder implements AsyncDisposable {
  private constructor(readonly root: string) {}

  static async make(): Promise<TempFolder> {
    return new TempFolder(await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-scope-" })));
  }

  path(relative: string): string {
    return join(this.root, relative);
  }

  async file(relative: string): Promise<string> {
    const path = this.path(relative);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, "text\n");
    return path;
  }

  async link(relative: string, target: string): Promise<string> {
    await Deno.symlink(target, this.path(relative));
    return this.path(relative);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}
