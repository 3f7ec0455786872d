/** @module */

/**
 * Whether this program has a permission. Using what is not granted stops a program on a terminal until
 * a person has answered, which is too much for what can be done without.
 */
export function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
