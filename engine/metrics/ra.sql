-- title: Re-scaled accuracy (RA)
-- level: performance
-- meaning: Accuracy between guessing (0) and a ceiling (1). For the CLiKA datasets the ceiling is ChatGPT's accuracy in
--   English; elsewhere it is every answer right. Clipped below at 0, not above: a model may exceed the ceiling.
-- range: 0 upwards; 1 is the ceiling
-- direction: per language
-- interval: Wilson 95 % of the accuracy, re-scaled and clipped alike
-- source: CLiKA (Gao et al., NAACL 2024); constants from the authors' normalize_res.py
-- confirmed: yes. The constants reproduce from the published answers to the last digit.
-- shape: language
-- scale: share
-- needs: counts
-- builds-on: accuracy
-- columns: model, dataset, language, n, accuracy, chance, ceiling, ra
-- key: model, dataset, language
select
    model, dataset, language, n, accuracy, chance, ceiling,
    -- Clipped by `case`: greatest(0, NULL) would be 0, and a missing figure must stay missing.
    case when ceiling = chance then null when accuracy < chance then 0 else (accuracy - chance) / (ceiling - chance) end as ra,
    case when ceiling = chance then null when ci_low < chance then 0 else (ci_low - chance) / (ceiling - chance) end as ci_low,
    case when ceiling = chance then null when ci_high < chance then 0 else (ci_high - chance) / (ceiling - chance) end as ci_high
from accuracy join dataset_scales using (dataset)
