/*
 * The rules that every implementation of the API shares: the server, and the SDK's mock server. They are pure: no
 * database, no Node.js. Not part of the contract's public API.
 */
export { shortened } from "../common/text.ts";
export { checkCadence, isCadence, nextTick, type Schedule } from "./cadence/cadence.ts";
export { cadenceGapSeconds } from "./cadence/cadence-gap.ts";
export { ModelError, type ModelErrorCode } from "./judges/model-error.ts";
export {
  checkHeuristicModel,
  findProvider,
  formatModelName,
  heuristicModel,
  type ModelName,
  notConfigured,
  parseModelName,
  unknownPrice,
} from "./judges/model-name.ts";
export {
  describeProvider,
  type ProviderDescription,
  type ProviderKey,
  providerInfo,
  providerKeys,
  providers,
} from "./judges/providers.ts";
export {
  invalidField,
  notFound,
  ProblemError,
  type ProblemOptions,
  problemBody,
  problemContentType,
  problemDetail,
  refusalProblem,
  schemaProblem,
} from "./problem.ts";
