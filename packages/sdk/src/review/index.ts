export type {
  Agreement,
  ComputeAgreementRequest,
  Confusion,
  Disagreement,
  Interval,
  JudgeFilter,
  JudgeOpinion,
  LabelSelection,
  LabelsLeftOut,
  PassRates,
  PersonOpinion,
} from "../generated/types.ts";
export { PandaProbeReview } from "./panda-probe-review.ts";
