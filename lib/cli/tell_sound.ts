/** @module */

import type { Context } from "./context.ts";

/**
 * Says that a doctor has found no error. For scripts the reference's one line is all there is; people
 * see on stderr what is not quite right, and where both outputs are one terminal they see "ok" below
 * that alone.
 *
 * @param warnings Its other findings, a line each.
 * @param repairs What it has done, in lines.
 */
export async function tellSound(
  warnings: readonly string[],
  { stdout, stderr }: Context["terminal"],
  repairs = "",
): Promise<void> {
  const isSaidBelow = warnings.length > 0 && stdout.isTerminal && stderr.isTerminal;
  await stdout.write(isSaidBelow ? repairs : `${repairs}doctor: ok\n`);
  if (warnings.length === 0) return;
  const count = `${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`;
  stderr.announce(`${warnings.join("")}doctor: ok (${count})\n`);
}
