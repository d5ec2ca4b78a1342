#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bills of fees, from the order to the ledger and the month's figures, on each engine.
. "$(dirname "$0")/../cli/lib.sh"

# The built-in book with a price list of two services.
price_list() {
    service() {
        printf '{"code": "%s", "name_vi": "%s", "name_en": "%s", "unit_vi": "%s", "unit_en": "%s", "price": "%s", "from": "2026-01-01", "to": null, "legal_vi": "Bảng giá dịch vụ", "legal_en": "Price list", "confidence": "verified"}' "$@"
    }
    sed "1s|^{|{\"services\": [$(service meter_test 'Kiểm định công tơ' 'Meter test' lần time 150000), $(service cable 'Dây sau công tơ' 'Cable behind the meter' m m 42500)],|" \
        "$here/../../data/pricebook.json" > list.json
}

start() {
    run sangden init --kind test --as QT01 --name 'Quản trị'
    for code in HD01 HD02; do
        run sangden staff add $code --name 'Nhân viên hóa đơn' --as QT01
        run sangden staff role $code billing_leader --as QT01
    done
    run "$FILL_STORE" "$SANGDEN_STORE" 60 25 202610 1 0
    is_status 0 'books are closed'
    price_list
    run sangden tariff load list.json --as HD01
    is_status 0 'a price list is loaded'
    run sangden tariff release 1 --correction --as HD02
    is_status 0 'and released'
}

fee() { run sangden bill fee --point DD00000000007 --date 2026-10-12 --as HD01 --json "$@"; }

bills_fees() {
    start
    run sangden bill run --month 2026-10 --as HD01
    run sangden bill issue --run 20261001 --as HD01 --json
    out_has '"issued":60' 'the month is issued'

    fee --fee reconnection --voltage LE038 --residential --ground 'PCT {12}'
    is_status 0 'a reconnection is ordered'
    out_has '"proposal":"PD0100-26100-7-7-P1","state":"proposed","repeated":false,"pre_vat":98000' \
        'by the table of its day'
    out_has '"total":105840' 'with tax'
    fee --fee reconnection --voltage LE038 --residential --ground 'PCT {12}'
    out_has '"proposal":"PD0100-26100-7-7-P1","state":"proposed","repeated":true' \
        'the same order makes no second bill'
    fee --fee cable --quantity 12.5 --key L7
    out_has '"proposal":"PD0100-26100-7-7-P2"' 'works behind the meter'
    out_has '"pre_vat":531250' 'by the price list'
    fee --fee cable --quantity 12.5 --key L7
    out_has 'P2","state":"proposed","repeated":true' 'its key sent again'
    fee --fee cable --quantity 13 --key L7
    refused 1 'the key with another order' 'L7'

    fee --fee painting
    refused 1 'a service that is not in the list' 'services'
    err_has '“painting” on 2026-10-12' 'the service and the day are named'
    run sangden bill fee --point DD00000000007 --fee cable --date 2025-12-31 --as HD01
    refused 1 'a day before the first price' '“cable” on 2025-12-31'
    fee --fee reconnection --voltage LE038
    refused 1 'a distance that is missing' 'distance_km'
    fee --fee cable --quantity 0
    refused 1 'nothing to bill' '0'
    run sangden bill fee --fee cable --date 2026-10-12 --as HD01
    refused 1 'no point' '--point'
    run sangden bill fee --point DD00000000007 --fee cable --date 2099-01-01 --as HD01
    refused 1 'a day to come' 'thực hiện'
    run sangden staff add NV02 --name 'Người mới' --as QT01
    run sangden bill fee --point DD00000000007 --fee cable --date 2026-10-12 --as NV02
    refused 1 'without the right' 'phí'

    run sangden bill release PD0100-26100-7-7-P1 --date 2026-10-20 --as HD01
    refused 1 'the same person' 'tự duyệt'
    run sangden bill release PD0100-26100-7-7-P1 --date 2026-10-20 --as HD02
    is_status 0 'another person issues it'
    run sangden bill release PD0100-26100-7-7-P2 --date 2026-10-20 --as HD02
    is_status 0 'and the second of the month'
    fee --fee cable --quantity 12.5 --key L7
    out_has '"number":"PD0100-26100-7-7-P2","state":"issued","repeated":true' \
        'the order after the issue'
    run sangden bill show PD0100-26100-7-7-P1
    out_has 'ngừng và cấp điện trở lại' 'the bill is explained'
    out_has 'PCT {12}' 'with its ground'
    run sangden bill show PD0100-26100-7-7-P2 --english
    out_has 'Cable behind the meter, 42.500 VND/m' 'in English too'
    out_has 'Fee: Cable behind the meter    12.5 m' 'by its name and quantity'
    run sangden bill verify --month 2026-10 --json
    out_has '"same":62,"different":0' 'every bill is what it says'
    run sangden check
    is_status 0 'all invariants hold'
}

corrects_fees() {
    start
    run sangden bill run --month 2026-10 --as HD01
    run sangden bill issue --run 20261001 --as HD01 --json
    fee --fee cable --quantity 12.5
    fee --fee meter_test
    run sangden bill release PD0100-26100-7-7-P1 --date 2026-10-20 --as HD02
    run sangden bill release PD0100-26100-7-7-P2 --date 2026-10-20 --as HD02

    run sangden bill adjust PD0100-26100-7-7-P1 --cause other --kwh 7 --as HD01
    refused 1 'kWh of a fee' 'quantity'
    run sangden bill adjust PD0100-26101-7-7-K1 --cause other --quantity 7 --as HD01
    refused 1 'a quantity of energy' 'kwh'
    run sangden bill adjust PD0100-26100-7-7-P1 --cause other --as HD01
    refused 1 'a fee from readings' 'quantity'
    run sangden bill adjust PD0100-26100-7-7-P1 --cause other --quantity 10 --as HD01 --json
    out_has '"proposal":"PD0100-26100-7-7-D3"' 'another quantity is proposed'
    out_has '"difference":{"kwh":"0","pre_vat":-106250' 'for its difference'
    run sangden bill adjust PD0100-26100-7-7-P2 --cause other --quantity 0 --replace --as HD01 --json
    out_has '"proposal":"PD0100-26100-7-7-T4"' 'the other fee is replaced by nothing'
    run sangden bill release PD0100-26100-7-7-D3 --date 2026-10-21 --as HD02
    is_status 0 'each correction stands by itself'
    run sangden bill release PD0100-26100-7-7-T4 --date 2026-10-21 --as HD02
    is_status 0 'whatever came between'
    run sangden bill verify --month 2026-10 --json
    out_has '"same":64,"different":0' 'all of them recompute'

    run sangden month close --month 2026-10 --unit PD0100 --as HD01 --json
    out_has '"fees":"425000"' 'the month tells what was fees'
    run sangden month figures --month 2026-10 --unit PD0100
    out_has 'fee:cable' 'in a class of its own'
    run sangden check
    is_status 0 'all invariants hold'
}

# A fee awaits its release while the supplements of the same month are run and issued.
shares_its_place() {
    start
    fee --fee meter_test
    out_has '"proposal":"PD0100-26100-7-7-P1"' 'a fee is proposed'
    run sangden bill run --month 2026-10 --as HD01 --json
    out_has '"ready":60' 'the month is drafted beside it'
    run sangden bill issue --run 20261001 --as HD01 --json
    out_has '"issued":60' 'and issued'
    run sangden bill refuse PD0100-26100-7-7-P1 --reason 'công tơ sai số, bên bán chịu' --as HD02
    is_status 0 'the fee is refused'
    fee --fee meter_test
    out_has '"state":"refused","repeated":true' 'the same order stays refused'
    fee --fee meter_test --key lan2
    out_has '"state":"proposed","repeated":false' 'until it comes with a key of its own'
    run sangden check
    is_status 0 'all invariants hold'
}

on_both_stores bills_fees
on_both_stores corrects_fees
on_both_stores shares_its_place
finish
