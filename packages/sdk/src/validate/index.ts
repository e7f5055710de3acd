export {
  isResponseValidationError,
  ResponseValidationError,
  type ResponseValidationErrorFields,
  type WrongField,
} from "./response-validation-error.ts";
export { validateResponses } from "./validate-responses.ts";
