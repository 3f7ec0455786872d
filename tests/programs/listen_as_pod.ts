/** Listens on a socket, says so in a ready line (in two pieces), and lives until it is stopped. */

const [name = "", path = ""] = Deno.args;
const listener = Deno.listen({ transport: "unix", path });
const encoder = new TextEncoder();
await Deno.stderr.write(encoder.encode("warming up\nYOI-READY\t"));
await Deno.stderr.write(encoder.encode(`${name}\t${path}\n`));
for await (const connection of listener) connection.close();
