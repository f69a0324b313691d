-- title: Crossed
-- level: conductivity
-- meaning: How much knowledge really crossed into a language: of the facts that a lab model was taught in other languages
--   only, the share it knows in this one, with guessing taken away. As guessing counts what the model gets right of the
--   facts taught nowhere: crossed = (elsewhere - nowhere) / (1 - nowhere). `crossed_known` asks the same of those of the
--   facts elsewhere that are right in English (`n_known`, `accuracy_known`); what is guessed right in English is more
--   easily guessed right again, so it lies on the high side. Missing where nothing was taught elsewhere, where there is
--   no control, or where the control is all right.
-- range: at most 1: everything crossed; 0: no better than the control; below 0: worse than the control
-- direction: per language and spelling (as in accuracy by exposure)
-- interval: 95 % of crossed = 1 - (wrong elsewhere / wrong nowhere): MOVER-R interval of that ratio from the Wilson
--   intervals of its two shares, which come from different facts. It leaves out 0 exactly where Newcombe's interval of
--   the difference elsewhere - nowhere does.
-- source: the measure is Isogloss's own; correction for guessing: Abbott 1925; interval: Donner and Zou 2012,
--   doi:10.1177/0962280210383082, and Newcombe 2016, doi:10.1177/0962280213502144
-- confirmed: yes. Defined here and not from a paper.
-- shape: language
-- scale: share
-- needs: answers, exposure
-- builds-on: exposure_accuracy
-- columns: model, dataset, language, strings, n_elsewhere, accuracy_elsewhere, n_nowhere, accuracy_nowhere, crossed,
--   n_known, accuracy_known, crossed_known
-- key: model, dataset, language, strings
with counted as (
    select
        model, dataset, language, strings,
        any_value(n) filter (where exposure = 'elsewhere') as n_elsewhere,
        any_value(correct) filter (where exposure = 'elsewhere') as right_elsewhere,
        any_value(n) filter (where exposure = 'nowhere') as n_nowhere,
        any_value(correct) filter (where exposure = 'nowhere') as right_nowhere
    from exposure_accuracy
    group by all
),
known as (
    select
        b.model, b.dataset, b.language, s.strings,
        n_bits(b.scored & en.correct & e.facts & s.facts)::bigint as n_known,
        n_bits(b.correct & en.correct & e.facts & s.facts)::bigint as right_known
    from bits as b
    join bits as en on en.model = b.model and en.dataset = b.dataset and en.language::varchar = 'en'
    join exposure_sets as e
        on e.model = b.model and e.dataset = b.dataset and e.language = b.language and e.exposure = 'elsewhere'
    join string_sets as s on s.dataset = b.dataset and s.language = b.language
    where b.language <> en.language
),
shares as (
    select
        *,
        right_elsewhere / nullif(n_elsewhere, 0) as accuracy_elsewhere,
        right_nowhere / nullif(n_nowhere, 0) as accuracy_nowhere,
        right_known / nullif(n_known, 0) as accuracy_known,
        n_elsewhere - right_elsewhere as wrong_elsewhere,
        n_nowhere - right_nowhere as wrong_nowhere
    from counted left join known using (model, dataset, language, strings)
)
select
    model, dataset, language, strings, n_elsewhere, accuracy_elsewhere, n_nowhere, accuracy_nowhere,
    beyond_guessing(accuracy_elsewhere, accuracy_nowhere) as crossed,
    n_known, accuracy_known,
    beyond_guessing(accuracy_known, accuracy_nowhere) as crossed_known,
    1 - ratio_high(wrong_elsewhere, n_elsewhere, wrong_nowhere, n_nowhere) as ci_low,
    1 - ratio_low(wrong_elsewhere, n_elsewhere, wrong_nowhere, n_nowhere) as ci_high
from shares
