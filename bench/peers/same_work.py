"""The plain app with the work of ours in it: a cross-encoder reads what was found again, and the turn is kept.

The cross-encoder has the size of ms-marco-MiniLM-L6-v2, and weights drawn at random: they do not matter for speed. It
reads as much of a passage as our encoder does.
"""

import json
import os
import sqlite3
import threading
from pathlib import Path
from uuid import uuid4

import faiss
import numpy as np
import torch
from flask import Flask, jsonify, request
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertForSequenceClassification

FIRST = 20

torch.set_num_threads(1)
with Path(os.environ["PEER_PASSAGES"]).open(encoding="utf-8") as file:
    passages = [json.loads(line)["text"] for line in file]
model = SentenceTransformer(os.environ["PEER_MODEL"], device="cpu")
vectors = np.load(os.environ["PEER_VECTORS"])
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
tokenizer = model.tokenizer
reranker = BertForSequenceClassification(
    BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        num_labels=1,
    )
).eval()
here = threading.local()
app = Flask(__name__)


def database() -> sqlite3.Connection:
    """Return this thread's connection, as sure of what it keeps as ours."""
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(os.environ["PEER_DATABASE"], isolation_level=None, timeout=5)
        here.connection.execute("PRAGMA journal_mode=WAL")
        here.connection.execute("PRAGMA synchronous=NORMAL")
        here.connection.execute("CREATE TABLE IF NOT EXISTS turn (id TEXT PRIMARY KEY, question TEXT, answer TEXT)")
    return here.connection


@app.post("/chat")
def chat():
    """Answer with what the cross-encoder likes best of the nearest passages."""
    message = request.get_json()["message"]
    question = model.encode([message], normalize_embeddings=True)
    _, rows = index.search(question, FIRST)
    found = [passages[row] for row in rows[0]]
    pairs = tokenizer([message] * FIRST, found, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.inference_mode():
        scores = reranker(**pairs).logits[:, 0].tolist()
    score, text = max(zip(scores, found, strict=True))
    turn = uuid4().hex
    database().execute("INSERT INTO turn VALUES (?, ?, ?)", (turn, message, text))
    return jsonify({"id": turn, "text": text, "score": score})


@app.get("/ready")
def ready():
    """Say that the index is there."""
    return "ok"
