/**
 * Appends records of 1000 bytes to the file in its argument until one does not fit, then prints what
 * the writer believes and what the disk holds. To be run with a limit on the size of files.
 *
 * @module
 */

import { AppendFile } from "../../lib/file/append_file.ts";
import { FileError } from "../../lib/file/file_error.ts";

await using log = AppendFile.openSync(Deno.args[0]!);
const record = new TextEncoder().encode("r".repeat(999) + "\n");
let failure: FileError | undefined;
while (!failure) {
  try {
    log.append(record);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    failure = error;
  }
}
const report = { code: failure.code, size: log.size, diskSize: log.diskSize() };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(report)));
