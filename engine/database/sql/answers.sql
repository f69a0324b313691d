create table answers (
    model model_id, dataset dataset_id, language language_id, fact_ix integer, run_id run_id,
    predicted smallint, correct boolean, parsed boolean, text varchar, error varchar
);
