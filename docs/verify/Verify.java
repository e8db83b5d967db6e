import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks one webhook of Weir. usage: WEIR_SECRETS="whsec_… whsec_…" java Verify.java <webhook-id> <webhook-timestamp> <webhook-signature> < body */
public final class Verify {
  private static final long TOLERANCE_SECONDS = 300;
  private static final int LEAST_KEY_BYTES = 24;

  /** {@code body}: the bytes as they came; {@code secrets}: all that are live now (two while one is being replaced). */
  static boolean verify(String[] secrets, String id, String timestamp, String signature, byte[] body, long nowSeconds) throws Exception {
    if (!timestamp.matches("[0-9]{1,12}") || Math.abs(nowSeconds - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) return false;
    for (String secret : secrets) {
      byte[] key = keyOf(secret);
      if (key.length < LEAST_KEY_BYTES) continue; // an empty secret would let anybody sign
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      byte[] right = Base64.getEncoder().encode(mac.doFinal(body));
      for (String each : signature.split(" "))
        if (each.startsWith("v1,") && MessageDigest.isEqual(right, each.substring(3).getBytes(StandardCharsets.UTF_8))) return true;
    }
    return false;
  }

  private static byte[] keyOf(String secret) {
    try {
      return Base64.getDecoder().decode(secret.startsWith("whsec_") ? secret.substring(6) : secret);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  public static void main(String[] args) throws Exception {
    boolean ok = verify(System.getenv().getOrDefault("WEIR_SECRETS", "").split(" "), args[0], args[1], args[2], System.in.readAllBytes(), System.currentTimeMillis() / 1000);
    System.out.println(ok ? "ok" : "refused");
  }
}
