/** Whole writes, durable append, locks between processes. @module */

export { AppendFile, type AppendFileOptions } from "./append_file.ts";
export { FileError, type FileErrorCode } from "./file_error.ts";
export { LockFile, type LockOptions, type LockWaitOptions } from "./lock_file.ts";
export { systemReason } from "./system_reason.ts";
export {
  isTemporarySibling,
  writeWhole,
  type WriteWholeOptions,
  writeWholeSync,
} from "./write_whole.ts";
