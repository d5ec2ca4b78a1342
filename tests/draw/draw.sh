#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What other programs find in the documents and pictures: text, symbols, typefaces, links.
# usage: draw.sh DRAW_SAMPLES
samples=$1
SANGDEN=$samples
. "$(dirname "$0")/../cli/lib.sh"

run "$samples" first
is_status 0 'the samples are drawn'
run "$samples" second
same "$(cd first && sha256sum ./*)" "$(cd second && sha256sum ./*)" 'twice the same bytes'

run pdftotext -layout first/print.pdf -
out_has 'Hóa đơn mẫu của hộ Nguyễn Thị Đào' 'a heading with its marks'
out_has 'thời tiết nóng hơn, nên' 'a paragraph'
out_has 'ưỡn ẹo, quỳnh, ngoằn' 'rare marks'
out_has 'PD0100-26071-11-K1' 'a code with narrow and wide figures'
out_has 'Trung bình khu vực 312 kWh' 'words of a chart'
out_has '1.388.405 đ' 'figures without gaps'
out_has '−48.200 đ' 'a negative amount'
run pdftotext first/print.pdf -
same "$(grep -c '99.200 đ' "$out")" 1 'an amount of the blocks'

run pdffonts first/print.pdf
same "$(tail -n +3 "$out" | grep -c 'BeVietnamPro-\(Regular\|SemiBold\) .* yes yes yes')" \
     "$(tail -n +3 "$out" | wc -l)" 'only our typeface: embedded, in part, with a map to Unicode'
run pdfinfo first/print.pdf
out_has 'Biểu đồ mẫu' 'the title of the document'
out_has 'Pages:           1' 'one page'
same "$(stat -c %s first/print.pdf | awk '{print ($1 < 30000)}')" 1 'less than 30 kB'

run pdftoppm -r 100 -png first/print.pdf page
run zbarimg -q --raw page-1.png
out_is 'https://vidu.vn/hoa-don?so=1#461' 'the QR is read from the page'

run python3 -c 'import sys, xml.dom.minidom as xml
for name in sys.argv[1:]: xml.parse(name)' first/*.svg
is_status 0 'the pictures are well-formed'
run cat first/months.svg
out_has '<title>Điện dùng 24 tháng</title><desc>Tháng 7/2026 dùng 461 kWh' 'a picture says what it shows'
out_lacks ' id=' 'no identifiers'
out_lacks '<style' 'no styles'
out_lacks '<script' 'no scripts'
finish
