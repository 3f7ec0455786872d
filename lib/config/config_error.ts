/** @module */

/**
 * What is wrong with the configuration:
 * - `no_directory`: no variable names a folder that is needed;
 * - `bad_pod_name`: a text that cannot name a Pod;
 * - `socket_path_too_long`: a path no Unix socket can have;
 * - `bad_file`: a configuration file that cannot be read, or says something that cannot be meant.
 */
export type ConfigErrorCode =
  | "no_directory"
  | "bad_pod_name"
  | "socket_path_too_long"
  | "bad_file";

/** A configuration that cannot be used; the message says what to change. */
export class ConfigError extends Error {
  /** Always `ConfigError`. */
  override readonly name = "ConfigError";

  /** Makes a configuration error. */
  constructor(
    /** What went wrong, stable. */
    readonly code: ConfigErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
