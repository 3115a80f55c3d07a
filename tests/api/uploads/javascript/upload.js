// Uploads a file with tus-js-client, breaks off in the middle, and goes on as another upload does.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const tus = require("tus-js-client");

const [endpoint, token, path, cutAt] = process.argv.slice(2);
const content = fs.readFileSync(path);
const sha256 = createHash("sha256").update(content).digest("hex");

function upload(options) {
  return new tus.Upload(fs.createReadStream(path), {
    endpoint,
    uploadSize: content.length,
    chunkSize: 256 * 1024,
    retryDelays: [100, 300, 1000, 1000, 3000],
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: "flight.tif", sha256 },
    onError(error) {
      console.error(String(error));
      process.exit(1);
    },
    ...options,
  });
}

let isCut = false;
const first = upload({
  onChunkComplete(_size, sent) {
    console.log(`sent ${sent}`);
    if (isCut || sent < Number(cutAt)) return;
    isCut = true;
    first.abort().then(() => {
      console.log(`cut ${first.url}`);
      upload({ uploadUrl: first.url, onSuccess: () => console.log("done") }).start();
    });
  },
});
first.start();
