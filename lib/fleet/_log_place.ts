/** @module */

import { ConfigError } from "../config/config_error.ts";
import { podRuntimeDir } from "../config/paths.ts";
import { FleetError } from "./fleet_error.ts";

/**
 * Where the log of one start lies. It is a file of its own until the name is won: of several starts
 * at once only one becomes the Pod.
 */
export class LogPlace {
  /** The log's file during the start. */
  readonly path: string;
  readonly #folder: string | undefined;

  private constructor(path: string, folder: string | undefined) {
    this.path = path;
    this.#folder = folder;
  }

  /** @throws {FleetError} `io` when there is no place for a log. */
  static async make(
    podName: string | undefined,
    runtimeRoot: string | undefined,
  ): Promise<LogPlace> {
    try {
      if (podName === undefined || runtimeRoot === undefined) {
        return new LogPlace(await Deno.makeTempFile({ suffix: ".log" }), undefined);
      }
      const folder = podRuntimeDir(runtimeRoot, podName);
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      return new LogPlace(`${folder}/stderr.${crypto.randomUUID()}.log`, folder);
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause;
      const message = `Cannot start Pod "${podName ?? ""}": ${(cause as Error).message}`;
      throw new FleetError("io", message, { cause });
    }
  }

  /** Gives the log its last name in the Pod's folder; without a folder it is removed. */
  async keep(name: string): Promise<void> {
    try {
      if (this.#folder === undefined) await Deno.remove(this.path);
      else await Deno.rename(this.path, `${this.#folder}/${name}`);
    } catch (error) {
      // The folder goes with its Pod.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
