#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Received e-invoices and signing keys on the command line.
. "$(dirname "$0")/lib.sh"
cases=$here/../cases/einvoice

run sangden invoice read "$cases/own_plain.xml"
is_status 0 'a signed e-invoice is read'
out_has '1K25TDN số 00000123 ngày 10/06/2025' 'its name'
out_has 'Hợp tác xã điện năng Thử Nghiệm' 'who sells'
out_has 'theo: 123/2020/ND-CP, 70/2025/ND-CP, 32/2025/TT-BTC' 'the law of its day'
out_has 'Tổng cộng: 484.590 đ' 'the total'
out_has 'Chữ ký NBan: Chữ ký đúng' 'the verdict'
out_has 'chưa kiểm tra (thêm --ca TỆP)' 'whose key it is was not asked'
run sangden invoice read --english "$cases/own_plain.xml"
out_has 'Signature NBan: The signature is sound' 'in English as well'
run sangden invoice read --ca "$cases/own_cert.pem" "$cases/own_rootns.xml" --json
is_status 0 'with namespaces on its root'
out_has '"proven":true' 'as JSON'
out_has '"total":484590' 'the total'
out_has '"adds_up":true' 'sums are checked'
out_has '"verdict":"sound"' 'the verdict'
out_has '"chain":"other time"' 'and that the certificate began after the signing time'
out_has '"code":"format"' 'and a format that is not of its day'
run sangden invoice read - < "$cases/own_plain.xml"
is_status 0 'from standard input'

run sangden invoice read "$cases/own_tampered.xml" --json
is_status 1 'a changed e-invoice is refused'
out_has '"proven":false' 'and told so'
out_has '"verdict":"digest"' 'with the reason'
out_has '"adds_up":false' 'its sums are wrong as well'
err_has 'Nội dung đã bị đổi sau khi ký' 'in Vietnamese'
err_has 'The content was changed after signing' 'in English'

sed 's/<DSCKS>.*<\/DSCKS>//' "$cases/own_plain.xml" > unsigned.xml
run sangden invoice read unsigned.xml
is_status 1 'an e-invoice without a signature'
err_has 'no signature of the seller' 'says so'
printf '<!DOCTYPE HDon [<!ENTITY x SYSTEM "file:///etc/passwd">]><HDon>&x;</HDon>' > entity.xml
run sangden invoice read entity.xml
refused 1 'an external entity' 'DTD'
out_lacks 'root:' 'nothing of the machine is shown'
printf '<html/>' > page.xml
run sangden invoice read page.xml
refused 1 'another file' 'HDon'
run sangden invoice read missing.xml
refused 3 'a file that is missing' 'missing.xml'
run sangden invoice read --ca unsigned.xml "$cases/own_plain.xml"
refused 1 'authorities that are none' 'unsigned.xml'
head -c 5000000 /dev/zero > large.xml
run sangden invoice read large.xml
refused 1 'a file that is too large' 'large.xml'
sed 's/<Ten>H/<Ten>\xc2\x9b31mH/' "$cases/own_plain.xml" > escape.xml
run sangden invoice read escape.xml
out_lacks $'\xc2\x9b' 'a terminal is not spoken to'
sed 's/<Ten>H/<Ten>\xe2\x80\xaeH/' "$cases/own_plain.xml" > turned.xml
run sangden invoice read turned.xml
printf '<HDon><DLHDon Id="\xc2\x9b31m"/><x Id="\xc2\x9b31m"/></HDon>' > twice.xml
run sangden invoice read twice.xml
refused 1 'an Id that stands twice' 'Id'
err_lacks $'\xc2\x9b' 'nor by an error that quotes it'
run sangden invoice read turned.xml
out_lacks $'\xe2\x80\xae' 'nor is the direction of writing turned'

run sangden invoice devkey --out keys --tax-code 0100000000
is_status 0 'a development key'
same "$(stat -c %a keys/development-key.pem)" 600 'is its owner'"'"'s alone'
run sangden invoice devkey --out keys
refused 1 'a second one in the same place' 'development-key.pem'
run sangden invoice devkey --out more --tax-code 12
refused 1 'a tax code that is none' 'tax-code'
run sangden invoice key --key keys/development-key.pem --json
is_status 0 'a key is looked at'
out_has '"tax_code":"0100000000","bits":2048' 'what it is'
out_has '"development":true' 'and that it is for trying out'
run sangden invoice key --key keys/development-key.pem
out_has 'khóa phát triển: chỉ ký trên kho minh họa hoặc kiểm thử' 'in words'
chmod 644 keys/development-key.pem
run sangden invoice key --key keys/development-key.pem
refused 1 'a key that everybody can read' 'chmod 600'
run sangden invoice key --key missing.p12
refused 3 'a key that is missing' 'missing.p12'
run sangden invoice key --key /
refused 1 'a folder' 'không phải là một tệp'
err_lacks 'chmod' 'whose rights are left alone'
{
    head -n 1 keys/development-certificate.pem
    printf 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n'
    tail -n +2 keys/development-certificate.pem
} > keys/locked-certificate.pem
chmod 600 keys/development-key.pem
run sangden invoice key --key keys/development-key.pem --certificate keys/locked-certificate.pem
refused 1 'a locked certificate' '--certificate'
err_lacks 'pass phrase' 'for which nobody is asked'
if command -v openssl > /dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out other.pem \
        2> /dev/null
    run sangden invoice read --ca other.pem "$cases/own_plain.xml"
    refused 1 'a signature that no authority vouches for' 'NBan'
    out_has 'Chữ ký NBan: Chữ ký đúng' 'though it is sound'
    chmod 600 keys/development-key.pem
    openssl pkcs12 -export -in keys/development-key.pem -out keys/key.p12 -passout pass:secret
    chmod 600 keys/key.p12
    run sangden invoice key --key keys/key.p12
    refused 1 'a locked key without its password' '--password-file'
    export SANGDEN_INVOICE_KEY_PASSWORD=secret
    run sangden invoice key --key keys/key.p12
    is_status 0 'the password comes from the environment'
    unset SANGDEN_INVOICE_KEY_PASSWORD
    (umask 077; echo secret > keys/password)
    run sangden invoice key --key keys/key.p12 --password-file keys/password
    is_status 0 'or from a file'
    err_empty 'and is not told'
    export SANGDEN_INVOICE_KEY=keys/key.p12 SANGDEN_INVOICE_KEY_PASSWORD_FILE=keys/password
    run sangden invoice key --json
    out_has '"bits":2048' 'the environment names the key and the file of its password'
    export SANGDEN_INVOICE_CERTIFICATE=keys/development-certificate.pem
    run sangden invoice key
    is_status 0 'and a certificate that stands apart'
    run sangden invoice devkey --out other
    run sangden invoice key --key other/development-key.pem
    is_status 0 'which is not that of a key named by an option'
    unset SANGDEN_INVOICE_KEY SANGDEN_INVOICE_KEY_PASSWORD_FILE SANGDEN_INVOICE_CERTIFICATE
    run sangden invoice key
    refused 1 'no key at all' '--key'
else
    skipped 'a locked key' 'openssl is not installed'
fi
finish
