/**
 * JSON lines over web streams, and a bounded mailbox between tasks.
 *
 * @module
 */

export {
  JsonLineDecoderStream,
  JsonLineEncoderStream,
  JsonLineError,
  type JsonLineErrorKind,
  type JsonLineOptions,
  JsonLineReader,
  JsonLineWriter,
} from "./json_lines.ts";
export {
  Mailbox,
  MailboxClosedError,
  type MailboxOptions,
  type MailboxWaitOptions,
} from "./mailbox.ts";
