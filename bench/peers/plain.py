"""The peer that anybody would write first: Flask, sentence-transformers and FAISS in about 25 lines.

The vectors of the passages are made before it starts.
"""

import json
import os
from pathlib import Path

import faiss
import numpy as np
import torch
from flask import Flask, jsonify, request
from sentence_transformers import SentenceTransformer

torch.set_num_threads(1)
with Path(os.environ["PEER_PASSAGES"]).open(encoding="utf-8") as file:
    passages = [json.loads(line)["text"] for line in file]
model = SentenceTransformer(os.environ["PEER_MODEL"], device="cpu")
vectors = np.load(os.environ["PEER_VECTORS"])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
app = Flask(__name__)


@app.post("/chat")
def chat():
    """Answer with the nearest passage."""
    question = model.encode([request.get_json()["message"]], normalize_embeddings=True)
    scores, rows = index.search(question, 3)
    return jsonify({"text": passages[rows[0][0]], "score": float(scores[0][0])})


@app.get("/ready")
def ready():
    """Say that the index is there."""
    return "ok"
