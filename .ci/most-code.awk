# Of the inputs that a merge of libFuzzer (-set_cover_merge=1 -merge_control_file=...) has looked at,
# prints `most` that together reach the most code, the one that adds most first.

NR == 1 { inputs = $1 }
NR > 2 && NR <= inputs + 2 { name[NR - 3] = $0 }
NR > inputs + 2 && $1 == "FT" { reached[$2] = $0 }

END {
    while (most-- > 0) {
        best = gain = 0
        for (input in reached) {
            count = split(reached[input], places)
            adds = 0
            for (i = 3; i <= count; i++)
                adds += !(places[i] in seen)
            if (adds > gain) {
                gain = adds
                best = input
            }
        }
        if (!gain)
            exit
        print name[best]
        count = split(reached[best], places)
        for (i = 3; i <= count; i++)
            seen[places[i]]
        delete reached[best]
    }
}
