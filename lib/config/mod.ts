/** What was configured: base folders, Pod names, socket paths, children to supervise. @module */

export { ConfigError, type ConfigErrorCode } from "./config_error.ts";
export {
  locksDir,
  type Paths,
  podRuntimeDir,
  podSocketPath,
  podsRoot,
  type ReadEnvironment,
  resolveConfigDir,
  resolveDataDir,
  resolvePaths,
  resolveRuntimeDir,
  sessionsRoot,
} from "./paths.ts";
export {
  checkPodName,
  checkSocketPath,
  defaultPodName,
  MAX_POD_NAME_BYTES,
  MAX_SOCKET_PATH_BYTES,
} from "./pod_name.ts";
export { parseSuperviseFile, readSuperviseFile, type SuperviseFile } from "./supervise_file.ts";
export { superviseJsonSchema } from "./supervise_schema.ts";
