#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a unit says of itself on documents: taken by date, refused by shape, shown for any past day.
. "$(dirname "$0")/lib.sh"

header='unit,legal_name,tax_code,address,hotline,bank_bin,bank_account,from'

sellers() {
    run sangden init --kind test --as NV01
    sangden import units - --as NV01 > /dev/null <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Công ty Một,0100000000,\"Số 1, phố Một\",19001000,970400,0011001234567,2024-01-01
PD0100,Công ty Một mới,0100000000-001,,,,,2026-07-01"
    is_status 0 'two days of a seller are taken'
    run sangden network show seller PD0100 --date 2026-06-30
    out_has 'Công ty Một ' 'the day before the change'
    out_lacks 'Công ty Một mới' 'not yet the later name'
    run sangden network show seller PD0100 --date 2026-07-01
    out_has 'Công ty Một mới' 'the new name'
    out_has 0011001234567 'what did not change holds on'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Khác,0100000000,,,,,2024-01-01"
    refused 1 'another name for the same day' 'row 2, column legal_name'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Một,010000000,,,,,2025-01-01"
    refused 1 'a tax code of nine digits' 'row 2, column tax_code'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Một,0100000000-1,,,,,2025-01-01"
    refused 1 'a branch of one digit' 'row 2, column tax_code'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Một,,,,97040,1,2025-01-01"
    refused 1 'a bank of five digits' 'row 2, column bank_bin'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,Một,,,,970400,0011 0012,2025-01-01"
    refused 1 'an account with a blank' 'row 2, column bank_account'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,$(printf 'Đ%.0s' $(seq 401)),,,,,,2025-01-01"
    refused 1 'a name of 401 letters' 'row 2, column legal_name'
    run sangden import sellers - --as NV01 <<< "$header
PD0100,$(printf 'Đ%.0s' $(seq 400)),,,,,,2025-01-01"
    is_status 0 'a name of 400 letters is taken'
}

on_both_stores sellers
finish
