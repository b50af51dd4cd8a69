package import StageKit

extension StageCatalogue {
  /// Every stage this binary knows, in the order of the docs.
  package static let builtin = StageCatalogue([
    Ingest.self,
    PIIScrub.self,
    QualityFilter.self,
    LanguageFilter.self,
    ScanInjection.self,
    MinHashDedup.self,
    Decontaminate.self,
    LabelNoiseStage.self,
    Balance.self,
    Mix.self,
    Split.self,
    Review.self,
    DataReport<ModelReportTokens>.self,
    TokenizerTrain.self,
    Pretrain.self,
    SFT.self,
    DPO.self,
    KTO.self,
    ORPO.self,
    SimPO.self,
    GRPO.self,
    RewardModel.self,
    Distill.self,
    Merge.self,
    Evaluate.self,
    EvalGate.self,
    ExportGGUF.self,
    ExportHF.self,
    Shell.self,
    Drill.self,
  ])
}
