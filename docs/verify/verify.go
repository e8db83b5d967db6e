// Checks one webhook of Weir. usage: WEIR_SECRETS="whsec_… whsec_…" go run verify.go <webhook-id> <webhook-timestamp> <webhook-signature> < body
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	toleranceSeconds = 300
	leastKeyBytes    = 24
)

// verify takes the bytes of the body as they came, and all secrets that are live now (two while one is being replaced).
func verify(secrets []string, id, timestamp, signature string, body []byte, now time.Time) bool {
	at, err := strconv.ParseUint(timestamp, 10, 40)
	if err != nil || max(now.Unix()-int64(at), int64(at)-now.Unix()) > toleranceSeconds {
		return false
	}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) < leastKeyBytes { // an empty secret would let anybody sign
			continue
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", id, timestamp)
		mac.Write(body)
		right := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, each := range strings.Split(signature, " ") {
			if given, isV1 := strings.CutPrefix(each, "v1,"); isV1 && hmac.Equal([]byte(right), []byte(given)) {
				return true
			}
		}
	}
	return false
}

func main() {
	body, _ := io.ReadAll(os.Stdin)
	secrets := strings.Fields(os.Getenv("WEIR_SECRETS"))
	if verify(secrets, os.Args[1], os.Args[2], os.Args[3], body, time.Now()) {
		fmt.Println("ok")
	} else {
		fmt.Println("refused")
	}
}
