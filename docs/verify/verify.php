<?php
// Checks one webhook of Weir. usage: WEIR_SECRETS="whsec_… whsec_…" php verify.php <webhook-id> <webhook-timestamp> <webhook-signature> < body

const TOLERANCE_SECONDS = 300;
const LEAST_KEY_BYTES = 24;

/** $body: the bytes as they came (file_get_contents('php://input')); $secrets: all that are live now (two while one is being replaced). */
function verify(array $secrets, string $id, string $timestamp, string $signature, string $body, int $now): bool
{
    if (!preg_match('/^[0-9]{1,12}\z/', $timestamp) || abs($now - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    foreach ($secrets as $secret) {
        $key = base64_decode(str_starts_with($secret, 'whsec_') ? substr($secret, 6) : $secret, true);
        if ($key === false || strlen($key) < LEAST_KEY_BYTES) { // an empty secret would let anybody sign
            continue;
        }
        $right = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $signature) as $each) {
            if (str_starts_with($each, 'v1,') && hash_equals($right, substr($each, 3))) {
                return true;
            }
        }
    }
    return false;
}

$ok = verify(explode(' ', (string) getenv('WEIR_SECRETS')), $argv[1], $argv[2], $argv[3], stream_get_contents(STDIN), time());
echo $ok ? "ok\n" : "refused\n";
