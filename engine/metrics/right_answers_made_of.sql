-- title: What the right answers are made of
-- level: conductivity
-- meaning: Of the facts that a lab model has right in a language, the shares that were stored, that crossed, and that were
--   guessed. With g the share right of the facts taught nowhere, a share a of right answers among N facts holds
--   N (a - g) / (1 - g) facts that are known, at least 0, and the rest of them is guessed. Stored: the known of the facts
--   taught here. Crossed: the known of those taught elsewhere only. Guessed: all that remains, among it everything right
--   of what was taught nowhere. The three add up to 1. Missing where nothing is right, there is no control, or the control
--   is all right.
-- range: 0 to 1 each, 1 together
-- direction: per language and spelling (as in accuracy by exposure)
-- interval: 95 % of the crossed share: that of the measure crossed, not beyond what is right elsewhere, at the numbers of
--   right answers as they are
-- source: Isogloss's own, on the correction for guessing (Abbott 1925)
-- confirmed: yes. Defined here and not from a paper.
-- shape: language
-- scale: share
-- needs: answers, exposure
-- builds-on: exposure_accuracy, crossed
-- columns: model, dataset, language, strings, n, n_right, n_here, n_elsewhere, n_nowhere, stored, crossed, guessed
-- key: model, dataset, language, strings
with counted as (
    select
        model, dataset, language, strings, sum(n)::bigint as n, sum(correct)::bigint as n_right,
        any_value(n) filter (where exposure = 'here') as n_here,
        any_value(accuracy) filter (where exposure = 'here') as accuracy_here
    from exposure_accuracy
    group by all
),
known as (
    select
        model, dataset, language, strings, c.n, c.n_right, c.n_here, x.n_elsewhere, x.n_nowhere,
        -- nothing taught there is nothing known there; without a control the answer is missing
        case when x.accuracy_nowhere < 1 then
            greatest(0, coalesce(n_here * beyond_guessing(accuracy_here, accuracy_nowhere), 0)) end as n_stored,
        case when x.accuracy_nowhere < 1 then greatest(0, coalesce(n_elsewhere * x.crossed, 0)) end as n_crossed,
        case when x.crossed is not null then greatest(0, n_elsewhere * x.ci_low) end as n_crossed_low,
        case when x.crossed is not null then greatest(0, n_elsewhere * least(x.ci_high, accuracy_elsewhere)) end
            as n_crossed_high
    from counted as c join crossed as x using (model, dataset, language, strings)
)
select
    model, dataset, language, strings, n, n_right, n_here, n_elsewhere, n_nowhere,
    n_stored / nullif(n_right, 0) as stored,
    n_crossed / nullif(n_right, 0) as crossed,
    (n_right - n_stored - n_crossed) / nullif(n_right, 0) as guessed,
    n_crossed_low / nullif(n_right, 0) as ci_low,
    n_crossed_high / nullif(n_right, 0) as ci_high
from known
