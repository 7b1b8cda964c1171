"""What each number means, in a sentence; shown as tooltips."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.live.session_store import STATISTICS_FRAMES

STAGES: Final = {
    "decode": "Getting one frame from the source and decoding it.",
    "preprocess": "From the decoded frame to the filled input tensor.",
    "batch wait": "From the filled input tensor to the start of the request: until the last frame of the batch has come.",
    "queue": "All waiting: of a due frame for its reader, of a decoded one for a free request, and inside the runtime.",
    "inference": "The model itself: from the start of a request to its completion, without its wait.",
    "postprocess": "From the completion of the request to the list of found objects.",
    "present": "From the list of found objects to the painted picture.",
    "latency": "From the start of decoding a frame to the list of found objects, waiting included. Shown where no frame is due.",
    "age": "From the moment the frame was due to the moment it was painted. Unknown when read flat out: nothing is due then.",
}
COLUMNS: Final = {
    "stage": f"Where the time of a frame goes, since this session's start or in its newest {STATISTICS_FRAMES} frames.",
    "median": "Half of the frames took less. Nearest rank, nothing left out.",
    "p90": "Nine of ten frames took less.",
    "p95": "Nineteen of twenty frames took less.",
    "p99": "All but one in a hundred took less. Needs at least 299 frames.",
    "max": "The slowest of the frames counted.",
    "n": f"Frames counted: at most the newest {STATISTICS_FRAMES} of this session, without its first three.",
}
P99_TOO_SMALL: Final = "n too small: fewer than 299 frames say nothing reliable about one in a hundred. Keep measuring."
TRUTH: Final = {
    "executed": "Layers by the type that really executed them, read back from the runtime. Stored is what the file holds; "
    "the device may run another type.",
    "read": "Reading the model's file.",
    "compile": "Making the model ready for the device. Cached: taken from the runtime's cache; cold: made anew.",
    "first": "The first request, which pays for first use of memory. Not part of the other numbers.",
    "size": "Size of the model's weights and graph on disk.",
    "streams": "How many requests the device works on at the same time, as the runtime says.",
    "requests": "How many requests are in flight.",
    "threads": "Processor threads the runtime uses for inference.",
    "hint": "The performance hint the model was compiled with.",
    "asked": "You asked for another value than the runtime uses.",
    "unsaid": "The runtime does not say: AUTO and other devices that pass work on leave this to the device they choose.",
    "foreign": "Share of the whole machine that other programs used in the last window of 2 s. Above 5 % the window is dirty.",
    "own": "Share of the whole machine that engine and window used in the last window of 2 s.",
    "memory": "Memory held by the engine's process.",
    "inference_precision": "The runtime's inference-precision property: the type it was asked to prefer.",
    "devices": "The devices that execute the model.",
    "cpu": "The processor, and how much of it this program may use.",
    "openvino": "Version of the runtime that is measured.",
    "steady": "Steady: the last three windows of 2 s lie within 10 % for throughput and for latency. Until then they are grey.",
}
THROUGHPUT: Final = "Completed frames per second of wall time. Flat out it is the capacity: what this setting can do at most."
PACES: Final = (
    "Paced: at the source's own rate. Flat out, that is saturated: as fast as frames are taken; its throughput is the capacity. "
    "Medians of the inference alone, with the same settings."
)
DROPS: Final = "Frames overwritten or discarded before inference, because newer ones had come."
ENERGY: Final = {
    "power": "Mean power between the meter's last two readings, with the range it may lie in. Idle: what the same meter shows "
    "while nothing runs, typed in under Meter…; dynamic: the rest. An estimate from busy time has no idle part in it.",
    "frame": "Joules between two readings over the frames completed between them, newest 10 s. Of an inference: its part of the "
    "CPU time.",
    "total": "Since the session's first reading. 1 Wh is 3600 J.",
    "kinds": "Measured: a counter or sensor. Estimated: a device's power range × busy time. Theoretical: operations × energy of "
    "each. Two kinds are never on one axis.",
    "range": "What the device draws when all of it is busy, from its maker's data sheet. Empty: from the table of known "
    "processors. The estimate's band is from half of the least to twice the most.",
    "idle": "What the same meter shows while nothing runs. Measure it: edgeperf energy baseline.",
    "reading": "What an external meter shows at this moment, in watts.",
    "arithmetic": "Multiply-accumulates × energy of one at the executed precision.",
    "weights": "Every weight fetched once from DRAM.",
    "activations": "Read and written in the smallest memory on the chip that holds them, in DRAM beyond the largest.",
}
UPKEEP: Final = {
    "power": "What the device draws all the time that it works. Empty: what the session's meter shows now.",
    "battery": "What the battery holds, in watt-hours: volts × ampere-hours.",
    "hours": "How long a battery has to last.",
    "daily": "How many hours of every day it works.",
    "price": "Of one kilowatt-hour of electricity.",
    "battery_hours": "Battery ÷ power. The low end is of the high power. What a battery loses by cold and age is not in it.",
    "battery_needed_wh": "Power × the hours it has to last.",
    "kwh_a_year": "Power × hours a day × 365.",
    "cost_a_year": "Energy a year × price.",
    "joules_per_1000_frames": "A frame's energy × 1000. 3600 J are a watt-hour.",
}
SCENE: Final = {
    "needed": "So many inferences while it is in view make a vehicle looked at. The page Scenarios says how many an application "
    "needs.",
    "looks": "Counted, not predicted: of the vehicles that came into view so early that even the one in view the longest was so "
    "to the end by now. A look is an inference on a frame in which it is in view. Wilson's 95 % interval.",
    "by": "Four frames a second are held against the scene's truth, IoU 0.5 or more; any kind of vehicle counts as one. Vehicles "
    "too far away, cut off or hidden by more than 70 % do not count.",
    "precision": "Of the vehicles that were found, those that are there. The interval takes every finding for one of its own; a "
    "vehicle stands in many frames, so it is really wider.",
    "recall": "Of the vehicles in view, those that were found. The interval takes every sight for one of its own; a vehicle "
    "stands in many frames, so it is really wider.",
}
DEVICES: Final = {
    "price": "What one costs, with everything it needs.",
    "volume_l": "Litres it takes up with its case, heat sink and supply. 1 litre is 10 × 10 × 10 cm.",
    "mass_kg": "With everything it needs around it.",
    "idle_w": "What the whole device draws while nothing runs.",
    "busy_w": "What the whole device draws at the frames/s given here.",
    "thermal_limit_c": "Temperature at which it slows down, or may not be used any more.",
    "fps": "Frames per second as somebody says. A measured run says it better.",
    "run": "What edgeperf bench --json FILE wrote on that device. Its throughput and energy are then measured, not typed in.",
    "device": "Every number of a sheet was typed in by somebody; only a run is measured.",
    "cost_per_fps": "Price ÷ frames per second.",
    "fps_per_litre": "Frames per second ÷ volume.",
    "fps_per_kg": "Frames per second ÷ mass: what it is worth where it has to be carried.",
    "frames_per_joule": "1 ÷ energy of a frame by the run's meter; without one, frames per second ÷ busy watts.",
}
COMPARE: Final = {
    "inference": "The model itself, half of the requests took less: over all quiet rounds of this variant. With several requests "
    "under way it includes the wait of each for the others.",
    "p99": "All but one in a hundred inferences took less, over all quiet rounds.",
    "p90": "Nine of ten inferences took less. The p99 appears when every variant has 299 frames.",
    "speed_up": "The baseline's inference latency over this variant's, round by round, with its 95 % interval; with several "
    "requests under way this variant's throughput over the baseline's. No difference is shown when the interval contains 1.",
    "fps": "Frames per second of wall time, preprocess and postprocess included, decoding left out. One request at a time with "
    "the hint latency; else as many at once as the runtime recommends.",
    "size": "The model's weights and graph on disk.",
    "agreement": "How far the answers match the baseline's on the same frames: AP with its boxes in the place of labels. "
    "It is not accuracy: the baseline may be wrong, too.",
    "metered": "Of one inference by the meter chosen in the Energy dock, read at both ends of each round's block; the "
    "inference has its part of the CPU time. The kind is named: estimated is a power range × busy time. Marked when 20 % apart.",
    "energy": "Operations × energy per operation of a 45 nm chip. Only for ratios between variants; no watts are measured.",
    "cold": "Making the model ready for the device, nothing cached. Measured once; marked when 20 % apart.",
    "cached": "The same, taken from the runtime's cache. Measured once; marked when 20 % apart.",
    "read": "Reading the model's file. Measured once; marked when 20 % apart.",
    "first": "The first request, which pays for first use of memory. Measured once; marked when 20 % apart.",
    "frame": "Preprocess, inference and postprocess of one frame, half of them took less.",
    "executed": "Layers that multiply, by the type that really executed them, read back from the runtime.",
    "params": "Numbers that were learned. Quantising does not change how many there are.",
    "macs": "Multiply-accumulates for one frame. One of them is two floating-point operations (FLOP).",
    "accuracy": "Against labels: AP for detection, top-1 for classification. Needs a folder of labelled images.",
}
ACCURACY: Final = {
    "variant": "The model in one stored precision, in its colour; hover a name for what the device really ran.",
    "ap": "Average precision as COCO defines it: mean over IoU 0.50 to 0.95 and over classes, 101 recalls, "
    "at most 100 boxes an image.",
    "ap50": "Average precision with boxes that overlap by IoU 0.50 or more.",
    "ap75": "Average precision with boxes that overlap by IoU 0.75 or more.",
    "ap_small": "AP of objects below 32×32 pixels.",
    "ap_medium": "AP of objects from 32×32 up to 96×96 pixels.",
    "ap_large": "AP of objects above 96×96 pixels.",
    "ar100": "Average recall: share of objects found with at most 100 boxes an image, mean over IoU 0.50 to 0.95 and classes.",
    "precision": "TP / (TP + FP): the share of reports that are right, at the stated score and IoU 0.5. "
    "Below it Wilson's 95 % interval.",
    "recall": "TP / (TP + FN): the share of labelled objects that are found, at the stated score and IoU 0.5. "
    "Below it Wilson's 95 % interval.",
    "f1": "The harmonic mean of precision and recall at the stated score.",
    "images": "Images that were counted.",
    "boxes": "Labelled objects that were counted; crowds and difficult ones are not.",
    "top1": "The right class came first. Below it Wilson's 95 % interval.",
    "top5": "The right class was among the first five. Below it Wilson's 95 % interval.",
    "class": "A class that is labelled in this set.",
    "class boxes": "Labelled objects of the class. Few objects say little.",
    "class images": "Images of the class. Few images say little.",
    "class ap": "Average precision of the class, mean over IoU 0.50 to 0.95.",
    "class top1": "Images of the class whose first answer was right.",
    "taken": "The class that came first instead.",
    "score": "The model's own confidence from which a box counts.",
    "agreement ap": "Average precision with FP32's boxes in the place of labels. Not accuracy: FP32 may be wrong, too.",
    "matched": "Share of FP32's boxes that the variant finds too, same class and IoU 0.5 or more. "
    "Below it Wilson's 95 % interval.",
    "agreement boxes": "FP32's boxes that score at least the threshold.",
    "mean iou": "Mean overlap of the pairs of boxes that match.",
    "agreement top1": "Share of images whose first class is FP32's. Below it Wilson's 95 % interval.",
    "nmse": "Squared difference of the outputs over FP32's own squared size, mean over outputs and images. 0 is identical.",
    "cosine": "Cosine of the angle between the outputs, of the output where it is worst. 1 is the same direction.",
}
ROUNDS: Final = (
    "A round is one short block of every variant on the same frames, in turning order. "
    "A round in which others used more than 5 % of the machine is dirty and measured again."
)
WATERFALL: Final = {
    "part": "What this loop has that the one above has not. All loops ran in turn, in short blocks, on the same frames.",
    "adds ms": "Wall milliseconds a frame that the part adds: the median of its loop less that of the loop above. Below 0 it "
    "wins time back, because it lets work go on beside the model.",
    "from": "Lower end of the 95 % interval over the rounds.",
    "to": "Upper end of the 95 % interval over the rounds.",
    "ms/frame": "Wall time over completed frames of the loop with this part and all above. Not the sum of stages, which overlap.",
    "FPS": "The same as frames a second.",
    "share": "What the part adds, as a share of the whole session’s frame.",
}
