# bash completion of rural-forecast, made from its command surface by `python -m docs.surface`

_rural_forecast_words() { # offer words
    local word
    for word; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done
}

_rural_forecast_series() { # offer ids and aliases of the catalogue
    local name
    while IFS= read -r name; do
        [[ $name ]] && _rural_forecast_words "$name"
    done < <("${COMP_WORDS[0]/#\~/$HOME}" series list --format tsv 2>/dev/null | sed 1d | cut -f 1,2 | tr '	' '
')
}

_rural_forecast_files() { # offer files
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$cur")
}

_rural_forecast() {
    local cur=${COMP_WORDS[COMP_CWORD]} before=$((COMP_CWORD - 1)) command='' word place
    COMPREPLY=()
    # --format=csv comes as three words
    if [[ $cur == '=' ]]; then
        cur=''
    elif ((before > 1)) && [[ ${COMP_WORDS[before]} == '=' ]]; then
        before=$((before - 1))
    fi
    for ((place = 1; place < COMP_CWORD; place++)); do
        word=${COMP_WORDS[place]}
        [[ $word == -* ]] && continue
        case "$command $word" in
            ' series' | ' models' | ' project' | ' growth' | ' nowcast' | ' scenario' | ' chart' | ' report' | ' compare' | ' backtest' | ' size' | ' batch' | 'series list' | 'series show' | 'series sources' | 'series check' | 'models list' | 'models show') command=${command:+$command }$word ;;
        esac
    done
    case "$command ${COMP_WORDS[before]}" in
        *' --completion') _rural_forecast_words bash zsh fish; return ;;
        *' --year' | *' --level' | *' --ceiling' | *' --since' | *' --until' | *' --prefer' | *' --as-of' | *' --currency' | *' --rate' | *' --title' | *' --series' | *' --encoding' | *' --period-column' | *' --value-column' | *' --id-column' | *' --sheet' | *' --range' | *' --thousands' | *' --base' | *' --partial' | *' --growth' | *' --shock' | *' --override' | *' --reason' | *' --name' | *' --horizon' | *' --draws' | *' --seed' | *' --workers' | *' --scheduler' | *' --master') return ;;
        *' --model') _rural_forecast_words reference naive drift damped_drift cagr linear exponential theta theta_log dot holt damped_holt logistic gompertz bass arima ets; return ;;
        *' --reconcile') _rural_forecast_words rule median; return ;;
        *' --basis') _rural_forecast_words levels chained; return ;;
        *' --input-format') _rural_forecast_words csv tsv json ndjson; return ;;
        'project --format' | 'growth --format' | 'nowcast --format' | 'scenario --format' | 'compare --format' | 'backtest --format' | 'size --format' | 'project -f' | 'growth -f' | 'nowcast -f' | 'scenario -f' | 'compare -f' | 'backtest -f' | 'size -f') _rural_forecast_words table json ndjson csv tsv markdown parquet xlsx svg png pdf; return ;;
        'chart --format' | 'chart -f') _rural_forecast_words table svg png pdf; return ;;
        'report --format' | 'report -f') _rural_forecast_words html; return ;;
        'batch --format' | 'series list --format' | 'series show --format' | 'series sources --format' | 'series check --format' | 'models list --format' | 'models show --format' | 'batch -f' | 'series list -f' | 'series show -f' | 'series sources -f' | 'series check -f' | 'models list -f' | 'models show -f') _rural_forecast_words table json ndjson csv tsv markdown parquet xlsx; return ;;
        *' --output' | *' -o') _rural_forecast_files; return ;;
        *' --color') _rural_forecast_words auto always never; return ;;
        *' --from' | *' --scenarios') _rural_forecast_words rural_online_retail; _rural_forecast_files; return ;;
        *' --size') _rural_forecast_words rural_online_retail rural_retailer; _rural_forecast_files; return ;;
        *' --engine') _rural_forecast_words local dask spark; return ;;
    esac
    if [[ $cur == -* ]]; then
        case "$command" in
            '') _rural_forecast_words --version --spec --completion --help -h ;;
            'series') _rural_forecast_words --help -h ;;
            'models') _rural_forecast_words --help -h ;;
            'project') _rural_forecast_words --year --model --level --history --all-models --explain --ceiling --since --until --prefer --reconcile --as-of --basis --currency --rate --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'growth') _rural_forecast_words --since --until --base --all-years --levels --prefer --reconcile --as-of --basis --currency --rate --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'nowcast') _rural_forecast_words --year --partial --level --history --since --until --prefer --reconcile --as-of --basis --currency --rate --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'scenario') _rural_forecast_words --year --growth --ceiling --shock --override --reason --name --from --model --level --history --since --until --prefer --reconcile --as-of --basis --currency --rate --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'chart') _rural_forecast_words --year --model --level --log --title --ceiling --since --until --prefer --reconcile --as-of --basis --currency --rate --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'report') _rural_forecast_words --year --size --scenarios --partial --model --level --title --ceiling --since --until --prefer --reconcile --as-of --basis --currency --rate --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'compare') _rural_forecast_words --year --level --ceiling --since --until --prefer --reconcile --as-of --basis --currency --rate --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'backtest') _rural_forecast_words --horizon --model --all-models --detail --ceiling --since --until --prefer --reconcile --as-of --basis --chart --log --title --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'size') _rural_forecast_words --year --level --draws --seed --print-model --chart --log --title --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'batch') _rural_forecast_words --year --horizon --model --all-models --level --history --ceiling --calibrate --strict --workers --engine --scheduler --master --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'series list') _rural_forecast_words --targets --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'series show') _rural_forecast_words --currency --rate --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'series sources') _rural_forecast_words --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'series check') _rural_forecast_words --series --input-format --encoding --period-column --value-column --id-column --sheet --range --decimal-comma --thousands --allow-gaps --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'models list') _rural_forecast_words --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
            'models show') _rural_forecast_words --format -f --output -o --color --quiet -q --verbose -v --help -h ;;
        esac
        return
    fi
    case "$command" in
        '') _rural_forecast_words project growth nowcast scenario chart report compare backtest size batch series models ;;
        'series') _rural_forecast_words list show sources check ;;
        'models') _rural_forecast_words list show ;;
        'project' | 'growth' | 'nowcast' | 'scenario' | 'chart' | 'report' | 'compare' | 'backtest' | 'series show' | 'series check') _rural_forecast_series; _rural_forecast_files; ;;
        'size') _rural_forecast_words rural_online_retail rural_retailer; _rural_forecast_files; ;;
        'batch') _rural_forecast_files; ;;
        'series sources') _rural_forecast_series; ;;
        'models show') _rural_forecast_words reference naive drift damped_drift cagr linear exponential theta theta_log dot holt damped_holt logistic gompertz bass arima ets; ;;
    esac
}

complete -F _rural_forecast rural-forecast
