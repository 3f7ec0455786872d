/**
 * Reasoning that has to go back to its provider: where each provider keeps the proof.
 *
 * The log knows two fields, `signature` and `encrypted_content`. AI SDK providers put the same
 * values under their own names into the metadata of a reasoning block, and expect them back there.
 *
 * @module
 */

import type { ReasoningItem } from "../session/item.ts";

/** Metadata of a stream part or prompt part: an object for each provider. */
type Metadata = Record<string, Record<string, unknown>>;
type JsonMetadata = Record<string, Record<string, string>>;

/** The part of a reasoning item that its provider wants back. */
export type RoundTrip = Pick<ReasoningItem, "signature" | "encrypted_content">;

const SIGNATURE_NAMES = ["signature", "thoughtSignature"];
const ENCRYPTED_NAMES = ["reasoningEncryptedContent", "redactedData", "encryptedContent"];

/** Takes what has to go back out of the metadata of a reasoning block. */
export function readRoundTrip(metadata: Metadata | undefined): RoundTrip {
  const found: RoundTrip = {};
  for (const values of Object.values(metadata ?? {})) {
    const signature = firstText(values, SIGNATURE_NAMES);
    const encrypted = firstText(values, ENCRYPTED_NAMES);
    if (signature !== undefined) found.signature = signature;
    if (encrypted !== undefined) found.encrypted_content = encrypted;
  }
  return found;
}

/** The same values under the names that `provider` expects. */
export function writeRoundTrip(provider: string, item: RoundTrip): JsonMetadata {
  const family = provider.split(".")[0] ?? provider;
  const names = NAMES.get(family) ?? { signature: "signature", encrypted: "encryptedContent" };
  const values: Record<string, string> = {};
  if (item.signature !== undefined) values[names.signature] = item.signature;
  if (item.encrypted_content !== undefined) values[names.encrypted] = item.encrypted_content;
  return { [family]: values };
}

const NAMES: ReadonlyMap<string, { signature: string; encrypted: string }> = new Map([
  ["anthropic", { signature: "signature", encrypted: "redactedData" }],
  ["openai", { signature: "signature", encrypted: "reasoningEncryptedContent" }],
  ["google", { signature: "thoughtSignature", encrypted: "encryptedContent" }],
]);

function firstText(values: Record<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = values[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
