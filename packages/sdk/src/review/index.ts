export type {
  Agreement,
  ComputeAgreementRequest,
  Confusion,
  CreateSessionScoreRequest,
  Disagreement,
  Interval,
  JudgeFilter,
  JudgeOpinion,
  LabelSelection,
  LabelsLeftOut,
  PassRates,
  PersonOpinion,
  SessionScoreRevision,
  UpdateSessionScoreRequest,
} from "../generated/types.ts";
export { PandaProbeReview } from "./panda-probe-review.ts";
