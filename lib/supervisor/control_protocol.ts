/**
 * The messages of the control socket: JSON objects, one a line.
 *
 * Source: supervisor specification, section 5; decision 51.
 *
 * @module
 */

import { asObject, checkKeys, refused } from "./_control_guards.ts";
import type { ChildStatus } from "./status.ts";

/** What a control client asks for. */
export type ControlRequest =
  /** The table of children, answered by a `status` event. */
  | { readonly method: "status" }
  /** A restart of one child, or of every child without a name. */
  | { readonly method: "restart"; readonly params: { readonly name?: string } }
  /** An orderly end. */
  | { readonly method: "shutdown" }
  /** Whether this client wants the printed lines too. */
  | { readonly method: "subscribe"; readonly params: { readonly lines: boolean } };

/** Why a child starts again: asked for, it ended, it could not be spawned, or was not ready in time. */
export type RestartReason = "requested" | "exited" | "spawn_failed" | "not_ready";

/** What a supervisor tells its control clients and its owner. */
export type ControlEvent =
  /** A new incarnation runs. */
  | {
    readonly event: "child_started";
    readonly data: { readonly child: string; readonly pid: number; readonly incarnation: number };
  }
  /** It printed its ready line. */
  | {
    readonly event: "child_ready";
    readonly data: { readonly child: string; readonly pid: number; readonly incarnation: number };
  }
  /** It is over: the process ended, its pipes are closed. */
  | {
    readonly event: "child_exited";
    readonly data: {
      readonly child: string;
      readonly pid: number;
      readonly code: number;
      readonly signal: string | null;
    };
  }
  /** A restart began; the next incarnation comes once the old one is over and the wait is. */
  | {
    readonly event: "child_restarting";
    readonly data: {
      readonly child: string;
      readonly reason: RestartReason;
      readonly delayMs: number;
    };
  }
  /** The child failed too often and stays down. */
  | { readonly event: "child_given_up"; readonly data: { readonly child: string } }
  /** The answer to a `status` request. */
  | { readonly event: "status"; readonly data: { readonly children: readonly ChildStatus[] } }
  /** A request that cannot be served, or a fault. */
  | { readonly event: "error"; readonly data: { readonly message: string } }
  /** A printed line; only for clients that subscribed to lines. */
  | {
    readonly event: "line";
    readonly data: {
      readonly child: string;
      readonly pid: number;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
      readonly at: number;
    };
  };

const METHODS = ["status", "restart", "shutdown", "subscribe"] as const;

/**
 * Reads a request. Keys that it does not know are refused: a misspelt `name` would otherwise restart
 * every child.
 *
 * @throws {SupervisorError} `control`, with the JSON path and what is expected there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeControlRequest } from "./control_protocol.ts";
 *
 * const request = decodeControlRequest({ method: "restart", params: { name: "web" } });
 * assertEquals(request, { method: "restart", params: { name: "web" } });
 * ```
 */
export function decodeControlRequest(value: unknown): ControlRequest {
  const fields = asObject(value, "$");
  const method = METHODS.find((word) => word === fields.method);
  if (method === undefined) {
    throw refused("$.method", `be one of ${METHODS.join(", ")}`, fields.method);
  }
  checkKeys(fields, "$", ["method", "params"]);
  const params = fields.params === undefined ? {} : asObject(fields.params, "$.params");
  switch (method) {
    case "status":
    case "shutdown":
      checkKeys(params, "$.params", []);
      return { method };
    case "restart": {
      checkKeys(params, "$.params", ["name"]);
      const { name } = params;
      if (name === undefined) return { method, params: {} };
      if (typeof name !== "string") throw refused("$.params.name", "be a child's name", name);
      return { method, params: { name } };
    }
    case "subscribe": {
      checkKeys(params, "$.params", ["lines"]);
      const { lines } = params;
      if (typeof lines !== "boolean") throw refused("$.params.lines", "be true or false", lines);
      return { method, params: { lines } };
    }
  }
}
